/** Everything the local cloud reports while it runs, by code. The terminal and the console turn it into text. */
export type CloudEvent =
  | { readonly code: 'cloud.ready'; readonly endpoint: string }
  | {
      readonly code: 'resource.created';
      readonly stack: string;
      readonly logicalId: string;
      readonly type: string;
      readonly physicalId: string;
    }
  | {
      readonly code: 'lambda.cold-start';
      readonly function: string;
      readonly environment: string;
      readonly initMs: number;
    }
  | { readonly code: 'lambda.log'; readonly function: string; readonly requestId: string; readonly line: string }
  | {
      readonly code: 'lambda.error' | 'lambda.crash' | 'lambda.timeout' | 'lambda.init-error';
      readonly function: string;
      readonly requestId: string;
      readonly errorType: string;
      readonly message: string;
    }
  | {
      readonly code: 'lambda.event-dropped';
      readonly function: string;
      readonly requestId: string;
      readonly reason: string;
    }
  | {
      readonly code: 'mapping.scaled';
      readonly function: string;
      readonly queue: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly code: 'mapping.gave-back';
      readonly function: string;
      readonly queue: string;
      /** Number of messages that were received by pollers that died and are visible again. */
      readonly messages: number;
    }
  | { readonly code: 'mapping.failed'; readonly function: string; readonly queue: string; readonly reason: string }
  | {
      readonly code: 'mapping.stream-failed';
      readonly function: string;
      readonly stream: string;
      readonly reason: string;
    }
  | {
      /** A mapping gave up records of a stream: see `DestinationConfig`. */
      readonly code: 'mapping.discarded';
      readonly function: string;
      readonly stream: string;
      readonly shard: string;
      readonly records: number;
      readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
    }
  | { readonly code: 'schedule.fired'; readonly schedule: string; readonly target: string }
  | { readonly code: 'schedule.failed'; readonly schedule: string; readonly target: string; readonly reason: string }
  | {
      /** An API returned an error of its own because its function or authorizer failed. `reason` is for the developer. */
      readonly code: 'api.failed';
      readonly api: string;
      readonly stage: string;
      readonly method: string;
      readonly path: string;
      readonly requestId: string;
      readonly status: number;
      readonly reason: string;
    }
  | {
      /** The state of an alarm changed. */
      readonly code: 'alarm.changed';
      readonly alarm: string;
      readonly from: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
      readonly to: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
      readonly reason: string;
      /** The description in the template. */
      readonly description: string;
    }
  | {
      /** A topic did not take what an alarm published. */
      readonly code: 'alarm.action-failed';
      readonly alarm: string;
      readonly action: string;
      readonly reason: string;
    }
  | {
      readonly code: 'mail.received';
      readonly topic: string;
      readonly to: string;
      readonly subject: string;
      readonly file: string;
    };

export type OnEvent = (event: CloudEvent) => void;
