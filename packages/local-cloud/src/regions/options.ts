/** Another region: a local cloud in a process of its own, with its own data folder. */
export interface PeerOptions {
  /** E.g. `us-east-1`. */
  readonly region: string;
  /** The URL of its gateway, e.g. `http://127.0.0.1:4576`. It may come up later, and go and come back. */
  readonly endpoint: string;
}

/** Makes a cloud one of several regions. */
export interface RegionsOptions {
  /** The region of this cloud. It runs the stacks of this region only. */
  readonly here: string;
  readonly peers: readonly PeerOptions[];
  /** Proves to the peers that a request comes from one of them. The same in all regions, and long and random. */
  readonly secret: string;
}
