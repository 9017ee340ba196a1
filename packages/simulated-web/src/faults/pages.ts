import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { redirect, type Answer, type Asked } from '../http/answer.ts';
import type { FaultName } from './names.ts';

const HOPS = 100;
export const BOMB_BYTES = 64 * 1024 * 1024;

type Misbehave = (path: string, asked: Asked) => Answer | undefined;

const streamed = (stream: (response: ServerResponse) => void): Answer => ({ status: 200, type: '', body: '', stream });

const PAGES: Readonly<Partial<Record<FaultName, Misbehave>>> = {
  'redirect-loop': (path, asked) => redirect(asked.path === path ? `${path}/next` : path),
  'redirect-100': (path, { query }) => {
    const hop = Number(query.get('hop') ?? 0);
    return hop < HOPS ? redirect(`${path}?hop=${hop + 1}`) : undefined;
  },
  'redirect-metadata': () => redirect('http://169.254.169.254/latest/meta-data/iam/security-credentials/'),
  'redirect-mapped': () => redirect('http://[::ffff:127.0.0.1]/latest/', 301),
  'redirect-private': () => redirect('http://intranet.internal/payroll', 307),
  'gzip-bomb': () => streamed(sendBomb),
  'endless-body': () => streamed(sendEndless),
  'slow-body': () => streamed(sendSlowly),
};

/** What a page that misbehaves answers; undefined: the page itself. `path` is its first address. */
export const pageFaultAnswer = (fault: FaultName, path: string, asked: Asked): Answer | undefined =>
  PAGES[fault]?.(path, asked);

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const OPENING = '<!doctype html>\n<html lang="en"><head><title>In pictures</title></head><body>\n';

let bomb: Promise<Buffer> | undefined;

function sendBomb(response: ServerResponse): void {
  bomb ??= promisify(gzip)(Buffer.alloc(BOMB_BYTES, ' '), { level: 9 });
  void bomb.then((content) => {
    response.writeHead(200, { ...HTML, 'content-encoding': 'gzip', 'content-length': content.length });
    response.end(content);
  });
}

/** As fast as it is read, until the reader closes the connection. */
function sendEndless(response: ServerResponse): void {
  const chunk = `<p>${'And then there was another picture. '.repeat(400)}</p>\n`;
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200, HTML).write(OPENING);
  response.on('drain', more);
  more();
}

const SLOW_MS = 250;

function sendSlowly(response: ServerResponse): void {
  response.writeHead(200, HTML).write(OPENING);
  const timer = setInterval(() => response.write('<br>'), SLOW_MS);
  response.once('close', () => clearInterval(timer));
}
