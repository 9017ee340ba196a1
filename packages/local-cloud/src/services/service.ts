import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who makes a call, read from the access key that signed it. */
export interface Caller {
  /** The access key id; each Lambda function, state machine and event source mapping has its own. */
  readonly accessKeyId: string;
  /** The IAM role ARN behind the key, a service (`s3.amazonaws.com`) for itself, or `root` for the machine's own user. */
  readonly principal: string;
  /** The ARN on whose behalf a service calls for itself, e.g. the bucket that notifies. */
  readonly source?: string;
}

/** Asks whether a call that was read from the wire is allowed. Throws a `ServiceError` when it is not. */
export type Authorize = (action: string, input: ServiceInput) => void;

/** The machine's own user: the command line, the AWS CLI, a test. */
export const ROOT: Caller = { accessKeyId: 'test', principal: 'root' };

export type ServiceInput = Readonly<Record<string, unknown>>;
export type ServiceOutput = Record<string, unknown>;

/** One AWS service of the local cloud. */
export interface Service {
  /** The service's name as it stands in a request's credential scope: `sqs`, `s3`, `states`, … */
  readonly name: string;
  /**
   * Runs one API action in-process: what state machines, event source mappings and notifications use.
   * Throws `ServiceError` for everything AWS would refuse, and for what this service does not know.
   */
  invoke(action: string, input: ServiceInput, caller: Caller): Promise<ServiceOutput>;
  /**
   * Answers one HTTP request of the service's own wire protocol, once `authorize` has let its action pass; never throws.
   * `invoke` asks nobody: who calls in-process goes through `CallService`.
   */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller, authorize: Authorize): Promise<void>;
  /** Stops timers, ends long polls and closes files; what is on disk stays. */
  close(): Promise<void>;
}

/** Checks that a caller may call an action of a service. Throws the service's error when it may not. */
export type AuthorizeCall = (service: string, action: string, input: ServiceInput, caller: Caller) => void;

/** Calls an action of any local service by name, e.g. `call('sqs', 'SendMessage', {...}, caller)`. */
export type CallService = (
  service: string,
  action: string,
  input: ServiceInput,
  caller: Caller,
) => Promise<ServiceOutput>;

/** An error as AWS words it: `code` is the error's name in the SDK, `status` its HTTP status. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}
