/**
 * Sends the commands of an AWS SDK client without the SDK's middleware, in a tenth of its processor time. The client's own
 * protocol writes requests and reads answers and errors, its own handler sends, and its own strategy decides about retries.
 * What is the same for all calls, such as the endpoint, is found once.
 *
 * What this is not made for goes the SDK's way: a client with middleware of ours, such as a tracer's, an endpoint with a path,
 * a queue of another endpoint, and a request that the service finds signed at a wrong time, since the SDK then corrects its
 * clock.
 */
import { getEndpointFromInstructions, toEndpointV1 } from '@smithy/core/endpoints';
import { isOfClock, repeatedly, type Strategy } from './repeatedly.ts';
import { Signer, type SigningCredentials } from './signature.ts';

interface Request {
  headers: Record<string, string>;
  body: string | Uint8Array;
}

interface Response {
  readonly statusCode: number;
}

interface Protocol {
  serializeRequest(operation: never, input: object, context: never): Promise<unknown>;
  deserializeResponse(operation: never, context: never, response: unknown): Promise<object>;
}

/** The part that is used of a client's configuration. The SDK corrects `systemClockOffset`. */
interface Config {
  readonly credentials: () => Promise<SigningCredentials>;
  readonly defaultSigningName: string;
  readonly defaultUserAgentProvider: () => Promise<readonly (readonly [string, string?])[]>;
  readonly protocol?: Protocol;
  readonly region: () => Promise<string>;
  readonly requestHandler: { handle(request: unknown, options?: Options): Promise<{ readonly response: Response }> };
  readonly retryStrategy: () => Promise<Strategy | object>;
  readonly systemClockOffset: number;
}

/** A client of a service with a JSON protocol, such as DynamoDB, SQS and Step Functions. */
interface Client {
  readonly config: Config;
  readonly send: (...given: never[]) => unknown;
  readonly middlewareStack: Stack;
}

type Add = (...given: never[]) => unknown;

interface Stack {
  add: Add;
  addRelativeTo: Add;
}

interface Command {
  readonly input: object & { readonly QueueUrl?: string };
  /** As the SDK keeps it: kind, namespace, name, traits, input and output. */
  readonly schema?: readonly unknown[];
}

interface Options {
  readonly abortSignal?: AbortSignal;
  readonly requestTimeout?: number;
}

type Send = (command: Command, options?: Options) => Promise<object>;

/** Makes a client send without middleware, and returns it. */
export function direct<C extends Client>(client: C): C {
  const bySdk = client.send.bind(client) as Send;
  const calls = new DirectCalls(client.config, bySdk);
  const hasOwnMiddleware = watched(client.middlewareStack);
  const send: Send = (command, options) =>
    hasOwnMiddleware() ? bySdk(command, options) : calls.send(command, options ?? {});
  return Object.assign(client, { send });
}

/** Tells whether middleware was added since. */
function watched(stack: Stack): () => boolean {
  let isChanged = false;
  for (const name of ['add', 'addRelativeTo'] as const) {
    const add = stack[name].bind(stack);
    stack[name] = (...given) => {
      isChanged = true;
      return add(...given);
    };
  }
  return () => isChanged;
}

class DirectCalls {
  readonly #config: Config;
  readonly #bySdk: Send;
  #prepared: Prepared | undefined;

  constructor(config: Config, bySdk: Send) {
    this.#config = config;
    this.#bySdk = bySdk;
  }

  async send(command: Command, options: Options): Promise<object> {
    const prepared = (this.#prepared ??= await prepare(this.#config, command));
    if (!goesTo(prepared, command)) return this.#bySdk(command, options);
    try {
      return await this.#call(prepared, command, options);
    } catch (error) {
      // After an earlier attempt, which may have succeeded, a new count of attempts would mislead writers.
      if (isOfClock(error) && error.$metadata.attempts === 1) return this.#bySdk(command, options);
      throw error;
    }
  }

  async #call({ protocol, strategy, signer, headers, context }: Prepared, command: Command, options: Options) {
    const { credentials, requestHandler } = this.#config;
    const [, namespace, name, traits, input, output] = command.schema ?? [];
    const operation = { namespace, name, traits, input, output } as never;
    const request = (await protocol.serializeRequest(operation, command.input, context)) as Request;
    const { body } = request;
    const toSign = { headers: { ...request.headers, ...headers.signed }, body };
    toSign.headers['content-length'] = String(Buffer.byteLength(body));
    return repeatedly(strategy, options.abortSignal, async () => {
      const now = Date.now() + this.#config.systemClockOffset;
      request.headers = { ...signer.sign(toSign, await credentials(), now), ...headers.unsigned, ...traceHeader() };
      const { response } = await requestHandler.handle(request, options);
      return protocol.deserializeResponse(operation, context, response).catch((error: unknown) => {
        throw withStatus(error, response);
      });
    });
  }
}

/** A load balancer that answers instead of the service does not write as the service does. Its status decides about a retry. */
function withStatus(error: unknown, { statusCode: httpStatusCode }: Response): unknown {
  if (typeof error !== 'object' || error === null || '$metadata' in error) return error;
  return Object.assign(error, { $metadata: { httpStatusCode } });
}

/** What is the same for all calls of a client. */
interface Prepared {
  readonly protocol: Protocol;
  readonly strategy: Strategy;
  readonly signer: Signer;
  readonly headers: Readonly<Record<'signed' | 'unsigned', Readonly<Record<string, string>>>>;
  readonly context: never;
  /** With a slash at its end. */
  readonly endpoint: string;
  /** Whether calls can go there without the SDK's middleware. */
  readonly isPlain: boolean;
}

async function prepare(config: Config, { input, constructor }: Command): Promise<Prepared> {
  const { url, properties } = await getEndpointFromInstructions(input, constructor as object, { ...config } as never);
  const [scheme] = (properties?.['authSchemes'] ?? []) as readonly Scheme[];
  const region = scheme?.signingRegion ?? (await config.region());
  const endpoint = toEndpointV1({ url });
  const strategy = await config.retryStrategy();
  const { protocol } = config;
  if (protocol === undefined) throw new Error('The client has no protocol.');
  const agent = (await config.defaultUserAgentProvider()).map(([name, version]) =>
    version === undefined ? name : `${name}${name.includes('/') ? '#' : '/'}${version}`,
  );
  return {
    protocol,
    strategy: strategy as Strategy,
    signer: new Signer(region, scheme?.signingName ?? config.defaultSigningName),
    headers: { signed: { host: url.host }, unsigned: { 'user-agent': agent.join(' ') } },
    context: { ...config, endpoint: () => Promise.resolve(endpoint) } as never,
    endpoint: `${url.origin}/`,
    isPlain: url.href === `${url.origin}/` && 'acquireInitialRetryToken' in strategy,
  };
}

interface Scheme {
  readonly signingRegion?: string;
  readonly signingName?: string;
}

/** Whether a command goes to the endpoint. The SDK sends what names a queue to the queue's own. */
const goesTo = ({ endpoint, isPlain }: Prepared, { input: { QueueUrl = endpoint } }: Command): boolean =>
  isPlain && QueueUrl.startsWith(endpoint);

/** The invocation that calls, by which Lambda finds endless loops. */
function traceHeader(): Readonly<Record<string, string>> | undefined {
  const trace = process.env['AWS_LAMBDA_FUNCTION_NAME'] === undefined ? undefined : process.env['_X_AMZN_TRACE_ID'];
  return trace === undefined || trace === '' ? undefined : { 'x-amzn-trace-id': trace };
}
