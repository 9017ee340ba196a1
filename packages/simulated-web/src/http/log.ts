/** A request that some host was asked. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly night: number;
  readonly host: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly userAgent: string | undefined;
  /** Whether it had If-None-Match or If-Modified-Since. */
  readonly conditional: boolean;
  /** 0 while there is no answer, and when there is none. */
  status: number;
}

const MAX_REQUESTS = 200_000;

/** The last requests, oldest first. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(request: LoggedRequest): LoggedRequest {
    if (this.entries.length >= MAX_REQUESTS) this.entries = this.entries.slice(MAX_REQUESTS / 2);
    this.entries.push(request);
    return request;
  }

  all(): LoggedRequest[] {
    return this.entries.map((each) => ({ ...each }));
  }

  clear(): void {
    this.entries = [];
  }
}
