-- Shows the values of a file in turn. Arguments: method, path, place, file, how many of them to pass over.
local requests, at = {}, 0

function init(args)
  local method, path, place, file, skip = unpack(args)
  local json = { ['content-type'] = 'application/json' }
  for value in io.lines(file) do
    requests[#requests + 1] = place == 'body' and wrk.format(method, path, json, value)
      or wrk.format(method, path, { [place] = value })
  end
  at = tonumber(skip) % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"refused":%d,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
