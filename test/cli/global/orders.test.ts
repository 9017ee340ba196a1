import { expect, it } from 'vitest';
import { withRegions } from '../support/running-regions.ts';

it.each([['kill eu'], ['partition eu'], ['slow eu 800']])(
  'global %s says that a region starts, or how to start one that is down',
  async (order) => {
    const args = ['global', ...order.split(' ')];
    const starting = await withRegions({ regions: { eu: { pid: null, starting: true } } }).run(args);
    expect(starting.stderr).toContain('Region eu is starting.\nWait until npm run fleet -- global map shows it as up.');
    const down = await withRegions({ regions: { eu: { pid: null } } }).run(args);
    expect(down.stderr).toContain('Region eu is down.\nStart it with npm run fleet -- global start eu.');
  },
);

it('regions that stop start none again, also where only the connection says so', async () => {
  const known = await withRegions({ stopping: true }).run(['global', 'start', 'us']);
  const broken = await withRegions({ regions: { us: { pid: null } } }).run(['global', 'start', 'us']);
  for (const { code, stderr } of [known, broken]) {
    expect(code).toBe(1);
    expect(stderr).toContain('The regions on this machine are stopping.');
    expect(stderr).toContain('npm run fleet -- global up');
  }
});
