/** Where stacks are deployed: an emulator, or an account of AWS. */
export interface Cloud {
  readonly account: string;
  readonly region: string;
  /** The emulator's URL. Undefined for AWS, which is reached with the environment's credentials. */
  readonly endpoint: string | undefined;
  /** Path of the emulator's self-signed certificate. Undefined without TLS. */
  readonly certificate: string | undefined;
}

/** The account and region of an emulator that was not told otherwise. */
export const EMULATED = { account: '000000000000', region: 'us-east-1' } as const;
