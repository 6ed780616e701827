/** A response, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, if it is JSON. */
  readonly json: any; // oxlint-disable-line typescript/no-explicit-any
}

export type Browser = ReturnType<typeof createBrowser>;

/** A browser on a page of the service at this address. It follows no redirect. */
export function createBrowser(url: string) {
  const jar = new Map<string, string>();
  const send = async (
    method: string,
    path: string,
    json?: unknown,
    headers = {},
  ): Promise<Answer> => {
    const response = await fetch(new URL(path, url), {
      method,
      redirect: "manual",
      headers: {
        cookie: [...jar].map((pair) => pair.join("=")).join("; "),
        "sec-fetch-site": "same-origin",
        ...(json !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0/.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const { status, headers: received } = response;
    return { status, headers: received, json: isJson && JSON.parse(text) };
  };
  return {
    jar,
    get: (path: string, headers = {}) => send("GET", path, undefined, headers),
    post: (path: string, json?: unknown, headers = {}) =>
      send("POST", path, json, headers),
    delete: (path: string) => send("DELETE", path),
    /** 200 where somebody is signed in. */
    me: async () => (await send("GET", "/me")).status,
  };
}
