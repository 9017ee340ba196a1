import type { Apis } from './apis.ts';
import { PREFIX } from './data-plane/data-plane.ts';

/** One stage of an API. */
export interface ApiEndpoint {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  /** URL of its root without a trailing slash: `http://127.0.0.1:4400`. */
  readonly url: string;
}

/** Returns all stages. A single stage has the root of the API port as its URL. */
export function apiEndpoints(apis: Apis, base: string): readonly ApiEndpoint[] {
  const single = apis.singleStage();
  return apis.all.flatMap(({ id, name, stages }) =>
    [...stages.keys()].map((stage) => {
      return { id, name, stage, url: single === undefined ? `${base}${PREFIX}/${id}/${stage}` : base };
    }),
  );
}

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Replaces every `https://<api>.execute-api.<region>.amazonaws.com/<stage>` in the outputs by the local URL. */
export function withLocalUrls(outputs: Outputs, apis: readonly ApiEndpoint[]): Outputs {
  const local = (text: string): string =>
    text.replaceAll(
      /https:\/\/(\w+)\.execute-api\.[\w-]+\.amazonaws\.com\/([\w-]+)/g,
      (url, id: string, stage: string) => {
        return apis.find((api) => api.id === id && api.stage === stage)?.url ?? url;
      },
    );
  return Object.fromEntries(
    Object.entries(outputs).map(([stack, values]) => [
      stack,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, local(value)])),
    ]),
  );
}
