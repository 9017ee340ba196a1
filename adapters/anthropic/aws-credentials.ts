/** AWS credentials, as the SDKs take them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How to reach a provider that AWS IAM guards. */
export interface AwsClientOptions {
  /** @default the function's own, in `AWS_ACCESS_KEY_ID` and so on, read for each call */
  readonly credentials?: AwsCredentials;
  /** @default `AWS_REGION` */
  readonly region?: string;
  /** @default the provider's variable, or its public endpoint */
  readonly baseURL?: string;
}

/**
 * The credentials of a Lambda function, which the service puts into its environment. The SDKs' own chain would add
 * providers for other places to each bundle.
 */
export function credentialsOf({ credentials }: AwsClientOptions): () => Promise<AwsCredentials> {
  return async () => credentials ?? fromEnvironment();
}

function fromEnvironment(): AwsCredentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Run in a Lambda function, or set them.');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}
