/** A time in the form of CloudWatch's messages: `2026-11-28T12:03:07.000+0000`. */
export const messageTime = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

/** A time in the form of the reasons of alarms: `28/11/26 12:03:07`. */
export function reasonTime(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
