import { AnthropicAws } from '@anthropic-ai/aws-sdk';
import { messagesApi, type ClaudeApi } from './api.ts';
import { credentialsOf, type AwsClientOptions } from './aws-credentials.ts';
import { trackedFetch } from './sending.ts';

export interface AwsPlatformOptions extends AwsClientOptions {
  /** The workspace that is billed, e.g. `wrkspc_…`. */
  readonly workspaceId: string;
}

/** The client of Claude Platform on AWS: Anthropic's API, with requests signed by the function's role. */
export const awsPlatformClient = (options: AwsPlatformOptions): AnthropicAws =>
  new AnthropicAws({
    maxRetries: 0,
    fetch: trackedFetch,
    workspaceId: options.workspaceId,
    providerChainResolver: async () => credentialsOf(options),
    ...(options.region === undefined ? {} : { awsRegion: options.region }),
    ...(options.baseURL === undefined ? {} : { baseURL: options.baseURL }),
  });

export const awsPlatformApi = (options: AwsPlatformOptions): ClaudeApi =>
  messagesApi(awsPlatformClient(options), 'claude-platform-aws');
