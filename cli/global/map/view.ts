import { table } from '../../terminal/table.ts';
import type { GlobalMap, RegionView } from './read.ts';

const REGIONS = [
  { name: 'region' },
  { name: 'aws' },
  { name: 'state' },
  { name: 'holds' },
  { name: 'running', align: 'right' },
  { name: 'queued', align: 'right' },
  { name: 'waiting', align: 'right' },
  { name: 'under way', align: 'right' },
  { name: 'lag p99', align: 'right' },
  { name: 'conflicts', align: 'right' },
] as const;

const HOMES = [{ name: 'home' }, { name: 'held by' }, { name: 'epoch', align: 'right' }] as const;

/** A map as lines. @param width columns of the terminal @default unlimited */
export function mapLines({ asOf, regions, homes }: GlobalMap, width?: number): string[] {
  const time = new Date(asOf).toTimeString().slice(0, 8);
  const up = regions.filter(({ status }) => status === 'up').length;
  return [
    `As of ${time} · ${up} of ${regions.length} regions are up`,
    '',
    ...table(REGIONS, regions.map(regionRow), width).split('\n'),
    '',
    ...table(
      HOMES,
      homes.map(({ home, holders, epoch }) => [
        home,
        holders.join(', ') || (up === 0 ? 'unknown' : 'nobody'),
        epoch === null ? '–' : String(epoch),
      ]),
    ).split('\n'),
    '',
    ...networkTable(regions, width),
  ];
}

const number = (value: number | null | undefined, unit = ''): string =>
  value === null || value === undefined ? '–' : `${Math.round(value)}${unit}`;

const regionRow = ({ name, region, status, outOfServiceSince, holds, tasks, replication }: RegionView): string[] => [
  name,
  region,
  outOfServiceSince === null ? status : `${status}, out of service`,
  holds.join(', ') || '–',
  number(tasks?.running),
  number(tasks?.queued),
  number(tasks?.parked),
  number(replication?.underWay),
  number(replication?.lagMsP99, ' ms'),
  number(replication?.conflicts),
];

/** Round trips from each region, by row, to each other one. */
function networkTable(regions: readonly RegionView[], width: number | undefined): string[] {
  const columns = [{ name: 'from \\ to' }, ...regions.map(({ name }) => ({ name, align: 'right' as const }))];
  const rows = regions.map((from) => [from.name, ...regions.map((to) => wayWords(from, to))]);
  return table(columns, rows, width).split('\n');
}

function wayWords(from: RegionView, to: RegionView): string {
  const way = from.network?.find((each) => each.to === to.region);
  if (from === to || way === undefined) return '–';
  return way.cut ? 'cut' : `${Math.round(way.roundTripMs)} ms`;
}
