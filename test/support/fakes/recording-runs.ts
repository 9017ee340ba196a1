import type { Runs } from '#core/ports/runs.ts';

export interface RecordingRuns extends Runs {
  /** Runs that were started, by name. */
  readonly started: ReadonlyMap<string, { readonly uploadId: string; readonly retry: number }>;
}

/** Notes which runs were started; a name starts once. */
export function recordingRuns(): RecordingRuns {
  const started = new Map<string, { uploadId: string; retry: number }>();
  return {
    started,
    async start(name, input) {
      if (!started.has(name)) started.set(name, { ...input });
    },
  };
}
