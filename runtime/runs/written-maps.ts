import type { Artifacts, ListedArtifact } from '#core/ports/artifacts.ts';
import { runItemsKey } from '#core/runs/freeze-items.ts';
import type { PipelineMap } from './pipeline-rows.ts';

/**
 * The maps that a run of a pipeline has begun, as far as its bucket shows: the copies of its items, and the results of the
 * maps that ended. For an execution that was stopped, whose own list of maps is lost.
 * @param stages the agents of each part: those before the barrier, then those after it
 */
export async function writtenMaps(
  { artifacts, bucket }: { readonly artifacts: Pick<Artifacts, 'list'>; readonly bucket: string },
  runId: string,
  stages: readonly (readonly string[])[],
): Promise<PipelineMap[]> {
  const maps: PipelineMap[] = [];
  for (const [part, agents] of stages.entries()) {
    const key = runItemsKey(runId, part);
    if (!(await newest(artifacts.list(bucket, key), key))) break;
    const manifest = await newest(artifacts.list(bucket, `runs/${runId}/map-${part}/`), '/manifest.json');
    maps.push({
      items: { bucket, key },
      results: manifest ? { Bucket: bucket, Key: manifest.key } : null,
      agents: [...agents],
    });
  }
  return maps;
}

/** A map that was retried has written its results more than once. */
async function newest(listed: AsyncIterable<ListedArtifact>, ending: string): Promise<ListedArtifact | null> {
  let found: ListedArtifact | null = null;
  for await (const object of listed)
    if (object.key.endsWith(ending) && object.modifiedAt >= (found?.modifiedAt ?? 0)) found = object;
  return found;
}
