/** Colours of statuses, by theme: light, then dark. */
const COLOURS: Readonly<Record<string, readonly [string, string]>> = {
  queued: ['#c6c6cd', '#4f5560'],
  parked: ['#e0b35a', '#8d6605'],
  running: ['#0972d3', '#539fe5'],
  succeeded: ['#1d8102', '#29ad32'],
  failed: ['#d91515', '#eb6f6f'],
  cancelled: ['#7d8998', '#8d99a8'],
  escalated: ['#8456ce', '#b088f5'],
};

/** The colour of a status in the grid and its legend. */
export function colourOf(status: string, mode: string): string {
  const [light, dark] = COLOURS[status] ?? ['#7d8998', '#8d99a8'];
  return mode === 'dark' ? dark : light;
}
