import type { Apis } from './apis.ts';
import { PREFIX } from './data-plane/data-plane.ts';

/** One stage of an API. */
export interface ApiEndpoint {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  /** Where its root answers, without a slash at the end: `http://127.0.0.1:4400`. */
  readonly url: string;
}

/** All stages, at the root of the APIs' port where there is only one. */
export function apiEndpoints(apis: Apis, base: string): readonly ApiEndpoint[] {
  const only = apis.only();
  return apis.all.flatMap(({ id, name, stages }) =>
    [...stages.keys()].map((stage) => {
      return { id, name, stage, url: only === undefined ? `${base}${PREFIX}/${id}/${stage}` : base };
    }),
  );
}

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Outputs with every `https://<api>.execute-api.<region>.amazonaws.com/<stage>` made the URL that answers here. */
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
