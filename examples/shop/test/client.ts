import { type IncomingHttpHeaders, request as httpRequest } from "node:http";

/** A response, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  readonly json: any; // oxlint-disable-line typescript/no-explicit-any
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly form?: string;
}

let clients = 0;

/** That of another client each time, since each may send 600 requests per minute. */
const nextAddress = () => `198.51.100.${clients++ % 250}`;

/** A request as a client sends it, on a connection of its own. */
export function send(
  url: string,
  { method, headers, json, form }: SendOptions = {},
) {
  const body = json === undefined ? form : JSON.stringify(json);
  const type = json === undefined ? "x-www-form-urlencoded" : "json";
  return new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest(
      url,
      {
        method: method ?? (body === undefined ? "GET" : "POST"),
        agent: false,
        headers: {
          ...(body !== undefined && { "content-type": `application/${type}` }),
          "x-forwarded-for": nextAddress(),
          ...headers,
        },
      },
      (response) => {
        const { statusCode: status = 0, headers } = response;
        const isJson = headers["content-type"]?.startsWith("application/json");
        let text = "";
        response.setEncoding("utf8").on("data", (part) => (text += part));
        response.once("error", reject).once("end", () => {
          resolve({ status, headers, text, json: isJson && JSON.parse(text) });
        });
      },
    );
    sent.once("error", reject).end(body);
  });
}

/** A browser on a page of the shop, behind its proxy. */
export function createBrowser(address = nextAddress()) {
  const jar = new Map<string, string>();
  const headers = (more = {}) => ({
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    "sec-fetch-site": "same-origin",
    "x-forwarded-for": address,
    "x-forwarded-proto": "https",
    ...more,
  });
  return {
    jar,
    headers,
    send: async (url: string, options: SendOptions = {}) => {
      const answer = await send(url, {
        ...options,
        headers: headers(options.headers),
      });
      for (const line of answer.headers["set-cookie"] ?? []) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/; Max-Age=0/.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
  };
}
