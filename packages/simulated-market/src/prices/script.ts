import { Choices } from '../random.ts';
import type { MarketSet } from '../sets/types.ts';
import type { Story, StoryKind } from '../plan/stories.ts';

/** An urgent move, or one that only looks like it. */
export interface Crossing {
  /** The interval of five minutes at whose end the price is beyond the threshold. */
  readonly interval: number;
  readonly urgent: boolean;
  readonly why: string;
}

/** Trading of the instrument stops at the start of `from` and resumes at the start of `to`. */
export interface Pause {
  readonly from: number;
  readonly to: number;
  readonly reason: 'luld' | 'news-pending' | 'regulatory';
}

/** The price of an instrument with a story, in percent since the previous close at the end of each five minutes. */
export interface Script {
  readonly returns: number[];
  readonly crossings: Crossing[];
  readonly pauses: Pause[];
  /** Intervals that open at a new price, not at the last one. */
  readonly gaps: Set<number>;
}

/** Intervals that the longest story and the crash need. */
const LONGEST = 40;
/** Noise of a scripted price, in percent. Small, so that it never comes near a threshold. */
const NOISE = 0.08;

/**
 * Thresholds are jumped over. Below 8 % a slide ends at 7.4 %, and its next five minutes bring it beyond 8.7 %; between
 * 12.4 % and 14.9 % it is the same. So it does not matter whether a rule takes the close or the high of a bar, or counts
 * the further 5 points from the threshold or from the first crossing.
 */
class Writer implements Script {
  readonly returns: number[] = [];
  readonly crossings: Crossing[] = [];
  readonly pauses: Pause[] = [];
  readonly gaps = new Set<number>([0]);
  private readonly story: Story;
  private readonly set: MarketSet;
  private readonly length: number;
  readonly choices: Choices;

  constructor(story: Story, set: MarketSet, length: number) {
    [this.story, this.set, this.length] = [story, set, length];
    this.choices = new Choices(`${story.key}/price`);
  }

  /** Without sign: the direction of the story is above 0. */
  private level = 0;

  flat(intervals: number): void {
    for (let count = 0; count < intervals; count += 1) this.put(this.level + (this.choices.next() * 2 - 1) * NOISE);
  }

  start(): void {
    this.level = this.choices.within([-0.4, 0.4]);
    this.flat(Math.max(2, Math.floor((this.length - LONGEST) * this.choices.within(this.set.start))));
  }

  /** In steps of the set, up to `target`. */
  slideTo(target: number): void {
    const way = Math.sign(target - this.level);
    while (Math.abs(target - this.level) > 0.01) {
      this.level += way * Math.min(this.choices.within(this.set.step), Math.abs(target - this.level));
      this.put(this.level);
    }
  }

  jumpTo(target: number, crossing?: Omit<Crossing, 'interval'>): void {
    this.level = target;
    if (crossing !== undefined) this.crossings.push({ interval: this.returns.length, ...crossing });
    this.put(target);
  }

  gapTo(target: number, crossing?: Omit<Crossing, 'interval'>): void {
    this.gaps.add(this.returns.length);
    this.jumpTo(target, crossing);
  }

  pause(reason: Pause['reason'], intervals: number): void {
    const from = this.returns.length;
    this.pauses.push({ from, to: from + intervals, reason });
    for (let count = 0; count < intervals; count += 1) this.put(this.level);
  }

  /** Holds, and recovers a part of the way in small steps. */
  end(recovers: boolean): this {
    this.flat(4);
    if (recovers) {
      const target = this.level * (1 - this.choices.within(this.set.recovery));
      while (this.level - target > 0.3 && this.returns.length < this.length) {
        this.level -= 0.3;
        this.put(this.level);
      }
    }
    this.flat(Math.max(0, this.length - this.returns.length));
    this.returns.length = this.length;
    return this;
  }

  private put(value: number): void {
    this.returns.push(value * this.story.sign);
  }
}

const fast = { urgent: true, why: 'at least 5 % within five minutes' } as const;
const beyond8 = { urgent: true, why: 'at least 8 % since the previous close' } as const;
const beyond13 = { urgent: true, why: 'a further 5 points: at least 13 % since the previous close' } as const;
const again = { urgent: false, why: 'crosses 8 % again in the same session' } as const;

const acts: Partial<Record<StoryKind, (writer: Writer, set: MarketSet) => Writer>> = {
  'fast-move'(writer, set) {
    writer.start();
    writer.jumpTo(writer.choices.within(set.fast), fast);
    return writer.end(true);
  },
  plunge(writer, set) {
    writer.start();
    writer.jumpTo(writer.choices.within(set.plunge), { urgent: true, why: 'more than 10 % within five minutes' });
    return writer.end(true);
  },
  slide(writer) {
    slideBeyond8(writer);
    return writer.end(false);
  },
  stairs(writer) {
    writer.start();
    writer.slideTo(writer.choices.within([4, 5.5]));
    writer.flat(3);
    writer.slideTo(7.4);
    writer.jumpTo(writer.choices.within([9, 9.4]), beyond8);
    writer.flat(5);
    writer.slideTo(12.4);
    writer.jumpTo(writer.choices.within([14.9, 15.3]), beyond13);
    return writer.end(false);
  },
  'slide-further'(writer) {
    slideBeyond8(writer);
    writer.slideTo(12.4);
    writer.jumpTo(writer.choices.within([14.9, 15.3]), beyond13);
    return writer.end(false);
  },
  return(writer) {
    slideBeyond8(writer);
    writer.slideTo(writer.choices.within([6.4, 7.2]));
    writer.flat(2);
    writer.jumpTo(writer.choices.within([8.7, 9]), again);
    return writer.end(false);
  },
  'gap-open'(writer) {
    writer.gapTo(writer.choices.within([8.9, 11.5]), beyond8);
    return writer.end(false);
  },
  'halt-gap'(writer) {
    writer.start();
    writer.pause('news-pending', 6);
    writer.gapTo(writer.choices.within([9, 11.8]), beyond8);
    return writer.end(false);
  },
  halt(writer) {
    writer.start();
    writer.pause('regulatory', writer.choices.between(3, 7));
    return writer.end(false);
  },
  'almost-fast'(writer, set) {
    writer.start();
    writer.jumpTo(writer.choices.within(set.almostFast));
    return writer.end(true);
  },
  'spike-and-back'(writer, set) {
    writer.start();
    writer.jumpTo(writer.choices.within(set.almostFast));
    writer.jumpTo(writer.choices.within([-0.2, 0.2]));
    return writer.end(false);
  },
  'almost-slide'(writer) {
    writer.start();
    writer.slideTo(7.4);
    return writer.end(false);
  },
  'gap-small'(writer) {
    writer.gapTo(writer.choices.within([5.5, 7]), { urgent: false, why: 'opened apart from the previous close' });
    return writer.end(false);
  },
  luld(writer, set) {
    writer.start();
    writer.jumpTo(writer.choices.within(set.almostFast));
    writer.pause('luld', 1);
    return writer.end(true);
  },
};

function slideBeyond8(writer: Writer): void {
  writer.start();
  writer.slideTo(7.4);
  writer.jumpTo(writer.choices.within([8.7, 9]), beyond8);
  writer.flat(2);
}

/** The script of a story, or null if its price is like any other. `length` is the number of intervals. */
export function scriptOf(story: Story, set: MarketSet, length: number): Script | null {
  return acts[story.kind]?.(new Writer(story, set, length), set) ?? null;
}
