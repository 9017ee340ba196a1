import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHasher } from './checksums.ts';
import type { ChecksumAlgorithm } from './checksums.ts';

/** One file of bytes. An object has one, or one per part it was uploaded in. */
export interface Blob {
  readonly name: string;
  readonly size: number;
}

/** A written blob with the digests computed while writing. */
export interface WrittenBlob extends Blob {
  /** Lower-case hex. */
  readonly md5: string;
  /** In base64, for the requested algorithms. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/** Bytes from a caller, complete or as a stream. */
export type Bytes = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Files are spread over folders by the first digit of their random names. */
const SHARDS = '0123456789abcdef';

/** Chunk size for reading from disk: four times Node's default, since objects are read from start to end. */
const READ_BYTES = 256 * 1024;

/**
 * The bytes of objects, as files.
 *
 * 1. A file is written under `temporary/` and renamed when complete, so every file under `objects/` is complete.
 * 2. A file under `objects/` never changes.
 * 3. A file stays until all of its readers are done.
 * 4. After a crash, files without a record are deleted; see `sweep`.
 */
export class BlobStore {
  readonly #temporary: string;
  readonly #objects: string;
  readonly #held = new Map<string, number>();
  readonly #toDelete = new Set<string>();
  #changing = 0;

  constructor(folder: string) {
    this.#temporary = join(folder, 'temporary');
    this.#objects = join(folder, 'objects');
    rmSync(this.#temporary, { recursive: true, force: true });
    mkdirSync(this.#temporary, { recursive: true, mode: 0o700 });
    for (const shard of SHARDS) mkdirSync(join(this.#objects, shard), { recursive: true, mode: 0o700 });
  }

  /** True when nothing is being read, written or deleted, so that every file belongs to a record. */
  get idle(): boolean {
    return this.#held.size === 0 && this.#changing === 0;
  }

  /** Writes bytes as they arrive, holding only one chunk in memory. On an error, no file is left. */
  async write(bytes: Bytes, algorithms: readonly ChecksumAlgorithm[]): Promise<WrittenBlob> {
    this.#changing++;
    try {
      return await this.#write(bytes, algorithms);
    } finally {
      this.#changing--;
    }
  }

  /** Reads the bytes from `start` to `end` (exclusive) of concatenated blobs. The files stay until the last chunk is read. */
  async *read(blobs: readonly Blob[], start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    this.#hold(blobs);
    try {
      let offset = 0;
      for (const { name, size } of blobs) {
        const from = Math.max(start - offset, 0);
        const to = Math.min(end - offset, size);
        offset += size;
        if (from >= to) continue;
        yield* createReadStream(this.#path(name), { start: from, end: to - 1, highWaterMark: READ_BYTES });
      }
    } finally {
      await this.#release(blobs);
    }
  }

  /** Deletes blobs that no record uses. A blob that is being read is deleted when its last reader is done. */
  async remove(blobs: readonly Blob[]): Promise<void> {
    for (const { name } of blobs) {
      if (this.#held.has(name)) this.#toDelete.add(name);
      else await this.#unlink(name);
    }
  }

  /** Deletes every file that is not in `used`. A crash between writing a file and its record leaves such files. */
  sweep(used: ReadonlySet<string>): void {
    for (const shard of readdirSync(this.#objects)) {
      for (const name of readdirSync(join(this.#objects, shard))) {
        if (!used.has(name)) rmSync(join(this.#objects, shard, name));
      }
    }
  }

  async #write(bytes: Bytes, algorithms: readonly ChecksumAlgorithm[]): Promise<WrittenBlob> {
    const name = randomUUID();
    const temporary = join(this.#temporary, name);
    const md5 = createHash('md5');
    const hashers = algorithms.map((algorithm) => [algorithm, createHasher(algorithm)] as const);
    let size = 0;
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const chunk of pieces(bytes)) {
        size += chunk.length;
        md5.update(chunk);
        for (const [, hasher] of hashers) hasher.update(chunk);
        await file.write(chunk);
      }
      await file.close();
      await rename(temporary, this.#path(name));
    } catch (error) {
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    const checksums = new Map(hashers.map(([algorithm, hasher]) => [algorithm, hasher.digest().toString('base64')]));
    return { name, size, md5: md5.digest('hex'), checksums };
  }

  #path(name: string): string {
    return join(this.#objects, name.slice(0, 1), name);
  }

  #hold(blobs: readonly Blob[]): void {
    for (const { name } of blobs) this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
  }

  async #release(blobs: readonly Blob[]): Promise<void> {
    for (const { name } of blobs) {
      const holders = (this.#held.get(name) ?? 1) - 1;
      if (holders > 0) this.#held.set(name, holders);
      else this.#held.delete(name);
      if (holders === 0 && this.#toDelete.delete(name)) await this.#unlink(name);
    }
  }

  async #unlink(name: string): Promise<void> {
    this.#changing++;
    try {
      await rm(this.#path(name), { force: true });
    } finally {
      this.#changing--;
    }
  }
}

async function* pieces(bytes: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  if (typeof bytes === 'string') yield Buffer.from(bytes);
  else if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}
