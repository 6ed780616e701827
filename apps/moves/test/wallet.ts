/** Names and secrets of one device, by name: cookies, or tokens. */
export type Wallet = Map<string, string>
