import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Turns the places of a bundle in a stack into places in its sources, such as `systems/assistant/agents/rate.ts:12:9`. The
 * source map lies beside the bundle and is read at the first stack, so a cold start does not pay for it. Without one the
 * stack stays as it is.
 * @param bundle the URL of the module that runs
 */
export function positionsInSources(bundle: string): (stack: string) => string {
  let map: SourceMap | null | undefined;
  const file = fileURLToPath(bundle);
  return (stack) => {
    if (map === undefined) map = mapOf(`${file}.map`);
    if (map === null) return stack;
    const sources = map;
    return stack.replaceAll(PLACE, (place, path: string, line: string, column: string) =>
      path === file || path === bundle ? (placeIn(sources, Number(line), Number(column)) ?? place) : place,
    );
  };
}

/** A file or its URL, with line and column, as V8 writes them in a frame. */
const PLACE = /((?:file:\/\/)?\/[^\s()]+):(\d+):(\d+)/g;

function placeIn(map: SourceMap, line: number, column: number): string | undefined {
  const origin = map.findOrigin(line, column);
  return 'fileName' in origin ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}` : undefined;
}

/** Null when there is none, or none that can be read: a stack is worth more than its places. */
function mapOf(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
}
