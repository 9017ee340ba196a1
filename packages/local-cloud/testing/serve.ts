import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { acceptHttp2 } from '../src/gateway/http2.ts';
import { ROOT } from '../src/services/service.ts';
import type { Service } from '../src/services/service.ts';

export interface Served<S extends Service> {
  readonly service: S;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Connection settings for any SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

/** Serves one service on a free port of this machine. The service can read its URL once the server listens. */
export async function serve<S extends Service>(create: (baseUrl: () => string) => S): Promise<Served<S>> {
  let url = '';
  const service = create(() => url);
  const server = createServer((request, response) => void service.handle(request, response, ROOT, () => {}));
  const closeHttp2 = acceptHttp2(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    service,
    url,
    client: {
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    close: async () => {
      await service.close();
      server.closeAllConnections();
      closeHttp2();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Creates a folder that is deleted when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
