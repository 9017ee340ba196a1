/** A line of a function's log, as it was written. */
export interface KeptLine {
  /** Identifies the line. The same each time that it is read. */
  readonly id: string;
  /** When it was written, in milliseconds since the epoch. */
  readonly at: number;
  /** The log group that contains it. */
  readonly group: string;
  /** The service of the function that writes to the group, where it is known. */
  readonly service?: string | undefined;
  readonly text: string;
}

/** Which lines to find. Each condition that is given must hold. */
export interface LogFilter {
  /** Lines about this task. */
  readonly taskId?: string | undefined;
  /** Lines about tasks and requests of this tenant. */
  readonly tenant?: string | undefined;
  /** Lines about tasks of one of these agents. */
  readonly agents?: readonly string[] | undefined;
  /** With `agents`: also all lines of these functions, by their services. */
  readonly services?: readonly string[] | undefined;
  /** Only warnings, errors and crashes. */
  readonly errors?: boolean | undefined;
}

/** A part of a log group to read. Times are milliseconds since the epoch. */
export interface LogRead {
  readonly group: string;
  readonly filter: LogFilter;
  /** The time of the first line. */
  readonly from: number;
  /** Lines are before this time. */
  readonly to: number;
  /** Most lines of one page. */
  readonly limit: number;
  /** Continues after an earlier page. */
  readonly token?: string | undefined;
}

/** Lines in the order of their times. A page may be empty although more lines follow. */
export interface LogPage {
  readonly lines: readonly KeptLine[];
  /** Leads to the next page. Absent on the last one. */
  readonly token?: string | undefined;
}

/**
 * The logs of the fleet's functions. A reader may return lines that do not match the filter, but never leaves out one that
 * does.
 */
export interface LogReader {
  /**
   * The log groups of the fleet, in a stable order.
   * @param agents only groups of functions that may log about tasks of these agents. @default all
   */
  groups(agents?: readonly string[]): Promise<readonly string[]>;
  /** Reads a page. A group that no longer exists has no lines. */
  read(read: LogRead): Promise<LogPage>;
}
