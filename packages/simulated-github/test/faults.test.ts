import { describe, expect, it } from 'vitest';
import { receive, withPullRequest, statuses } from './support.ts';

const review = { event: 'COMMENT', body: 'Summary' };
const fault = (name: string) => ({ 'x-simulated-fault': name });

describe('a fault', () => {
  it.each([
    ['401', 401, 'Bad credentials'],
    ['404', 404, 'Not Found'],
    ['500', 500, 'Server Error'],
    ['502', 502, 'Server Error'],
    ['429; seconds=72', 429, 'You have exceeded a secondary rate limit'],
    ['secondary-limit; seconds=72', 403, 'You have exceeded a secondary rate limit'],
    ['secondary-limit-without-retry-after', 403, 'You have exceeded a secondary rate limit'],
    ['primary-limit', 403, 'API rate limit exceeded'],
    ['abuse', 422, 'Unprocessable Entity'],
    ['concurrent', 422, 'Unprocessable Entity'],
  ])('%s answers %i and does nothing', async (name, status, message) => {
    const { send, pull } = await withPullRequest();
    const answer = await send('POST', 'reviews', review, fault(name));
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) as string } });
    expect(answer.headers.get('retry-after')).toBe(name.includes('seconds=72') ? '72' : null);
    expect(answer.headers.get('x-ratelimit-remaining')).toBe(name === 'primary-limit' ? '0' : null);
    expect(pull.record().reviews).toEqual([]);
  });

  it('can create, and still answer 502 or nothing', async () => {
    const { send, pull } = await withPullRequest();
    expect((await send('POST', 'reviews', review, fault('502-after-create'))).status).toBe(502);
    expect(pull.record().reviews).toHaveLength(1);
    await expect(send('POST', 'reviews', review, fault('disconnect-after-create'))).rejects.toThrow('fetch failed');
    expect(pull.record().reviews).toHaveLength(2);
    await expect(send('POST', 'reviews', review, fault('disconnect'))).rejects.toThrow('fetch failed');
    expect(pull.record().reviews).toHaveLength(2);
  });

  it('moves the head just before the request', async () => {
    const { url, received } = await receive();
    const { send, pull, github } = await withPullRequest({ webhook: { url, secret: 's' } });
    const before = pull.headSha();
    const answer = await send('GET', '', undefined, fault('head-moves'));
    expect(answer.body.head.sha).toBe(pull.headSha());
    expect(pull.headSha()).not.toBe(before);
    await github.settled();
    expect(received.at(-1)?.body).toContain('"action":"synchronize"');
  });

  it('leaves out patches, and what was written a moment ago', async () => {
    const { send, simulation } = await withPullRequest();
    const files = (await send('GET', 'files', undefined, fault('missing-patch'))).body;
    expect(files).toMatchObject([{ changes: 4 }, { changes: 1 }]);
    expect(JSON.stringify(files)).not.toContain('"patch"');
    await send('POST', 'reviews', review);
    expect((await send('GET', 'reviews', undefined, fault('stale; seconds=5'))).body).toEqual([]);
    expect((await send('GET', 'reviews')).body).toHaveLength(1);
    simulation.clock.now += 6_000;
    expect((await send('GET', 'reviews', undefined, fault('stale; seconds=5'))).body).toHaveLength(1);
  });

  it('can be set for the next requests that match, in the process and over HTTP', async () => {
    const { send, github, simulation } = await withPullRequest();
    github.fault({ fault: '502', method: 'POST', path: '/reviews', times: 2 });
    expect((await send('GET', 'reviews')).status).toBe(200);
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await send('POST', 'reviews', review));
    expect(answers.map(({ status }) => status)).toEqual([502, 502, 200]);
    const rule = { fault: '500', path: '/files', times: 9 };
    expect((await simulation.send('POST', '/simulated/faults', { body: rule })).status).toBe(204);
    expect((await send('GET', 'files')).status).toBe(500);
    expect((await send('GET', 'files', undefined, fault('none'))).status).toBe(200);
    expect((await simulation.send('DELETE', '/simulated/faults')).status).toBe(204);
    expect((await send('GET', 'files')).status).toBe(200);
  });

  it('that does not exist is named', async () => {
    const { send, simulation } = await withPullRequest();
    const answer = await send('GET', 'files', undefined, fault('typo'));
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/"typo" is not a fault/) as string },
    });
    const rule = await simulation.send('POST', '/simulated/faults', { body: { fault: 'typo' } });
    expect(rule).toMatchObject({ status: 422, body: { message: expect.stringMatching(/^fault: /) as string } });
    expect((await simulation.send('GET', '/simulated/else')).status).toBe(404);
  });
});

describe('a limit', () => {
  it('admits 80 creations in a minute, and says when the next one is', async () => {
    const { send, simulation } = await withPullRequest();
    for (let n = 0; n < 80; n += 1) {
      simulation.clock.now += 100;
      expect((await send('POST', 'reviews', review)).status).toBe(200);
    }
    const over = await send('POST', 'reviews', review);
    expect(over).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/secondary rate limit/) as string },
    });
    expect(over.headers.get('retry-after')).toBe('53');
    // Reading goes on, and waiting as long as it says is enough.
    expect((await send('GET', 'reviews')).status).toBe(200);
    simulation.clock.now += 53_000;
    expect((await send('POST', 'reviews', review)).status).toBe(200);
  });

  it('counts by installation', async () => {
    const { send, github, simulation } = await withPullRequest({
      limits: { creationsPerMinute: 1, retryAfter: false },
    });
    expect((await send('POST', 'reviews', review)).status).toBe(200);
    const over = await send('POST', 'reviews', review);
    expect([over.status, over.headers.get('retry-after')]).toEqual([403, null]);
    const other = await github.createRepository({ owner: 'acme', name: 'tool', files: { a: 'a\n' } });
    await github.push({ repository: 'acme/tool', branch: 'b', files: { a: 'b\n' } });
    await github.openPullRequest({ repository: 'acme/tool', head: 'b', title: 'B' });
    const token = await simulation.installationToken(other.installationId);
    const elsewhere = await simulation.send('POST', '/repos/acme/tool/pulls/1/reviews', { token, body: review });
    expect(elsewhere.status).toBe(200);
  });

  it('of requests in an hour shows in the headers; a 304 is free', async () => {
    const { simulation, github } = await withPullRequest({ limits: { requestsPerHour: 3 } });
    // An installation token would expire with the hour.
    const token = github.createToken({ user: 'reader' });
    const get = async (headers: Record<string, string> = {}) =>
      simulation.send('GET', '/repos/octo-org/shop/pulls/1/files', { token, headers });
    const first = await get();
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
    const etag = first.headers.get('etag') ?? '';
    for (let n = 0; n < 5; n += 1) expect((await get({ 'if-none-match': etag })).status).toBe(304);
    await get();
    await get();
    const over = await get();
    const message = expect.stringMatching(/API rate limit exceeded/) as string;
    expect(over).toMatchObject({ status: 403, body: { message } });
    expect(over.headers.get('x-ratelimit-remaining')).toBe('0');
    simulation.clock.now = Number(over.headers.get('x-ratelimit-reset')) * 1_000;
    expect((await get()).status).toBe(200);
  });

  it('of points and of requests at once is secondary', async () => {
    const points = await withPullRequest({ limits: { pointsPerMinute: 6 } });
    expect((await points.send('POST', 'reviews', review)).status).toBe(200);
    expect((await points.send('GET', 'files')).status).toBe(200);
    expect((await points.send('GET', 'files')).status).toBe(403);
    const once = await withPullRequest({ limits: { concurrentRequests: 2 } });
    const answers = await Promise.all([1, 2, 3].map(async () => once.send('GET', 'commits')));
    expect(statuses(answers)).toEqual([200, 200, 403]);
    for (let n = 0; n < 3; n += 1) expect((await once.send('GET', 'commits')).status).toBe(200);
  });
});
