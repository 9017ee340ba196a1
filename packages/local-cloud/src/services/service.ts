import type { IncomingMessage, ServerResponse } from 'node:http';

/** The caller of an action, identified by the access key that signed the request. */
export interface Caller {
  /** The access key id. Each Lambda function, state machine and event source mapping has its own. */
  readonly accessKeyId: string;
  /** The IAM role ARN of the key, a service acting for itself (`s3.amazonaws.com`), or `root` for the local user. */
  readonly principal: string;
  /** The ARN for which a service acts, e.g. the bucket that sends a notification. */
  readonly source?: string;
}

/** Checks that a call received over HTTP is allowed. Throws a `ServiceError` if it is not. */
export type Authorize = (action: string, input: ServiceInput) => void;

/** The local user: the command line, the AWS CLI or a test. */
export const ROOT: Caller = { accessKeyId: 'test', principal: 'root' };

export type ServiceInput = Readonly<Record<string, unknown>>;
export type ServiceOutput = Record<string, unknown>;

/** One AWS service of the local cloud. */
export interface Service {
  /** The service's name in a request's credential scope: `sqs`, `s3`, `states`, … */
  readonly name: string;
  /**
   * Runs one API action in-process, as state machines, event source mappings and notifications do.
   * Throws `ServiceError` for everything that AWS would reject and for everything this service does not support.
   */
  invoke(action: string, input: ServiceInput, caller: Caller): Promise<ServiceOutput>;
  /**
   * Handles one HTTP request of the service's own protocol, after `authorize` has allowed its action. Never throws.
   * `invoke` does not authorize; in-process callers go through `CallService`, which does.
   */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller, authorize: Authorize): Promise<void>;
  /**
   * Answers a request whose signature is wrong, in the service's form. A service has it when its signatures name the hash of
   * the body: then `handle` gets only requests that were verified. Other services read the body first, and then authorize.
   */
  reject?(request: IncomingMessage, response: ServerResponse, error: ServiceError): void;
  /** Stops timers, ends long polls and closes files. Data on disk stays. */
  close(): Promise<void>;
}

/**
 * Checks that a caller may call an action of a service. Throws the service's error when it may not. `region` is the one that
 * acts, by default the region of the cloud.
 */
export type AuthorizeCall = (
  service: string,
  action: string,
  input: ServiceInput,
  caller: Caller,
  region?: string,
) => void;

/** Calls an action of any local service by name, e.g. `call('sqs', 'SendMessage', {...}, caller)`. */
export type CallService = (
  service: string,
  action: string,
  input: ServiceInput,
  caller: Caller,
) => Promise<ServiceOutput>;

/** An error in AWS's form: `code` is the error's name in the SDK, `status` the HTTP status. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error, such as the `Item` of DynamoDB's failed conditions. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
