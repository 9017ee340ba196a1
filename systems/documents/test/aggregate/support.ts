import type { Task } from '#core/tasks/task.ts';
import { aggregateRun, type AggregateInput } from '../../functions/aggregate/aggregate-run.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { reportSchema } from '../../report/schema.ts';
import { STARTED } from '../report/support.ts';

export const BUCKET = 'artifacts';
const MANIFEST = { Bucket: BUCKET, Key: 'runs/spring/map/123/manifest.json' };

interface Child {
  readonly Status: 'SUCCEEDED' | 'FAILED' | 'PENDING' | 'TIMED_OUT';
  readonly Input?: string;
  readonly Output?: string;
  readonly Error?: string;
  readonly Cause?: string;
}

/** A child execution that succeeded with these rows. */
export const batch = (...rows: readonly object[]): Child => ({ Status: 'SUCCEEDED', Output: JSON.stringify(rows) });

/** A child execution that failed, over these objects. */
export const brokenBatch = (keys: readonly string[], part: Partial<Child> = {}): Child => ({
  Status: 'FAILED',
  Input: JSON.stringify({ Items: keys.map((Key) => ({ Key, Size: 5 })) }),
  ...part,
});

export const row = (task: Task, file: string) => ({ key: key(file), taskId: task.id, status: task.state.status });

export const key = (file: string): string => `uploads/spring/${file}`;

/** The bucket and table of a run, and the fan-in over them. */
export function aRun() {
  const clock = manualClock(STARTED + 12_000);
  const artifacts = inMemoryArtifacts(() => clock.now());
  const store = inMemoryTaskStore();
  const put = (key: string, content: string) => artifacts.put({ bucket: BUCKET, key }, content, 'text/plain');
  return {
    store,
    clock,
    put,
    async upload(...files: readonly string[]) {
      for (const file of files) await put(key(file), 'bytes');
    },
    async tasks(...tasks: readonly Task[]) {
      for (const task of tasks) await store.create(task);
    },
    /** Writes the files of the ResultWriter, one per status of the children. */
    async results(...children: readonly Child[]) {
      const ResultFiles: Record<string, object[]> = { SUCCEEDED: [], FAILED: [], PENDING: [] };
      for (const [status, group] of Map.groupBy(children, (child) => child.Status)) {
        const list = status === 'SUCCEEDED' || status === 'PENDING' ? status : 'FAILED';
        const Key = `runs/spring/map/123/${status}_0.json`;
        await put(Key, JSON.stringify(group));
        ResultFiles[list]?.push({ Key, Size: 1 });
      }
      await put(MANIFEST.Key, JSON.stringify({ DestinationBucket: BUCKET, MapRunArn: 'arn', ResultFiles }));
    },
    async aggregate(part: Partial<AggregateInput> = {}) {
      const ports = { artifacts, store, clock, bucket: BUCKET };
      const startedAt = new Date(STARTED).toISOString();
      const input = { runId: 'spring', uploadId: 'spring', startedAt, results: MANIFEST, mapError: null, ...part };
      const output = await aggregateRun(ports, input);
      const read = async (key: string) => new TextDecoder().decode(await artifacts.get({ bucket: BUCKET, key }));
      const report = reportSchema.parse(JSON.parse(await read(output.reports.json)));
      return { output, report, html: await read(output.reports.html), csv: await read(output.reports.csv) };
    },
  };
}
