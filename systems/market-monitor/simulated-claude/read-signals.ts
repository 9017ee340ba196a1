/** An event as the rule sees it. */
export interface ReadEvent {
  readonly label: string;
  /** Such as `market.news.v1`. */
  readonly type: string;
  readonly measured: string;
  readonly values: Readonly<Record<string, number>>;
  /** A stranger's words. */
  readonly text: string;
}

/** Reads the message that agents/render-signals.ts renders. */
export function readSignals(message: string): { readonly ticker: string; readonly events: readonly ReadEvent[] } {
  const events: { label: string; type: string; measured: string; values: Record<string, number>; text: string }[] = [];
  let ticker = '';
  for (const line of message.split('\n')) {
    const last = events.at(-1);
    const [, label, type = ''] = /^## Event (e\d+) \(([^,]*),/.exec(line) ?? [];
    if (label !== undefined) events.push({ label, type, measured: '', values: {}, text: '' });
    else if (line.startsWith('> ') && last === undefined) ticker = line.slice(2);
    else if (line.startsWith('> ') && last !== undefined) last.text += `${line.slice(2)}\n`;
    else if (line.startsWith('What code measured: ') && last !== undefined)
      last.measured = line.slice('What code measured: '.length);
    else if (last !== undefined) Object.assign(last.values, valueIn(line));
  }
  return { ticker, events };
}

function valueIn(line: string): Record<string, number> {
  const [, name, value] = /^- (\w+): (-?[\d.e+-]+)$/.exec(line) ?? [];
  return name === undefined ? {} : { [name]: Number(value) };
}
