import type { ServerResponse } from 'node:http';
import { FleetClient } from '#client/index.ts';
import { stubApi, type ReceivedRequest, type StubApi } from '../adapters/support/stub-api.ts';

export interface Stubbed extends StubApi {
  readonly fleet: FleetClient;
}

/** A client with a stub server that responds as the test defines. It waits 1 ms or so between attempts. */
export async function stubbed(
  answer: (response: ServerResponse, request: ReceivedRequest, count: number) => void,
): Promise<Stubbed> {
  const api = await stubApi(answer);
  return { ...api, fleet: new FleetClient({ url: `${api.url}/v1/`, key: 'flk_test', attempts: 4, backoffMs: 1 }) };
}

export const problem = (kind: string, status: number, detail: string) => ({
  type: `urn:agent-fleet:problem:${kind}`,
  title: kind,
  status,
  detail,
});
