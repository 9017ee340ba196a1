/** Steps that people count in: 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}

/** Places of an axis from 0 to `whole`, at most `most` besides 0, at round values. */
export function ticks(whole: number, most: number): number[] {
  if (!(whole > 0) || most < 1) return [0];
  const step = niceStep(whole / most);
  return Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step);
}
