const RECORDS_PER_SECOND = 1000;
const BYTES_PER_SECOND = 2 ** 20;
const READS_PER_SECOND = 5;

interface Window {
  second: number;
  records: number;
  bytes: number;
  reads: number;
}

/** What a shard takes in each second of the clock. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export class ShardLimits {
  readonly #windows = new Map<string, Window>();

  /** Whether the shard takes one more record now. A record above 1 MiB needs a second of its own. */
  tryWrite(stream: number, shard: number, bytes: number, now: number): boolean {
    const window = this.#window(stream, shard, now);
    if (window.records >= RECORDS_PER_SECOND) return false;
    if (window.records > 0 && window.bytes + bytes > BYTES_PER_SECOND) return false;
    window.records++;
    window.bytes += bytes;
    return true;
  }

  /** Whether the shard answers one more GetRecords now. */
  tryRead(stream: number, shard: number, now: number): boolean {
    const window = this.#window(stream, shard, now);
    if (window.reads >= READS_PER_SECOND) return false;
    window.reads++;
    return true;
  }

  #window(stream: number, shard: number, now: number): Window {
    const second = Math.floor(now / 1000);
    const key = `${stream}/${shard}`;
    let window = this.#windows.get(key);
    if (window?.second !== second) this.#windows.set(key, (window = { second, records: 0, bytes: 0, reads: 0 }));
    return window;
  }
}
