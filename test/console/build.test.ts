import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '../..');

describe('the build of the console', () => {
  let folder: string;
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-console-'));
    execFileSync(process.execPath, ['console/build.ts', folder], { cwd: PROJECT });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has a page that names its files below /console/', () => {
    const named = [...read('index.html').matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, url]) => url);
    expect(new Set(named)).toEqual(new Set(['/console/app.js', '/console/app.css']));
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['app.css', 'app.js', 'index.html']));
  });

  it('has no script or style in its page, which the policy of a server would forbid', () => {
    expect(read('index.html')).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|\sstyle=/);
  });
});
