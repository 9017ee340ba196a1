/** Round trips between AWS regions in milliseconds. They follow from the distance and change little over the years. */
const ROUND_TRIPS: readonly (readonly [string, string, number])[] = [
  ['us-east-1', 'eu-west-1', 80],
  ['us-east-1', 'ap-northeast-1', 145],
  ['eu-west-1', 'ap-northeast-1', 212],
];

/** Regions whose distance is not listed. */
const SOMEWHERE_MS = 150;
/** From a caller to the region on its own continent. */
const NEAR_MS = 10;

/** The round trip between two regions, or from a caller on a region's continent to another region, in milliseconds. */
export function roundTripMs(from: string, to: string): number {
  if (from === to) return NEAR_MS;
  const found = ROUND_TRIPS.find(([a, b]) => (a === from && b === to) || (a === to && b === from));
  return found?.[2] ?? SOMEWHERE_MS;
}
