import type { Cell } from './cells.ts';
import type { GridLayout } from './grid-layout.ts';
import { colourOf } from './colours.ts';

interface Look {
  readonly width: number;
  /** The cell with a frame. */
  readonly at: number | null;
  readonly mode: 'light' | 'dark' | (string & {});
}

/** Draws the cells. 10,000 take a few milliseconds, so each change draws all of them. */
export function draw(canvas: HTMLCanvasElement, cells: readonly Cell[], layout: GridLayout, look: Look): void {
  const { columns, rows, pitch, gap } = layout;
  const scale = devicePixelRatio;
  canvas.width = look.width * scale;
  canvas.height = Math.max(1, rows * pitch) * scale;
  canvas.style.width = `${look.width}px`;
  canvas.style.height = `${rows * pitch}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const size = pitch - gap;
  for (const [index, { status }] of cells.entries()) {
    const [x, y] = [(index % columns) * pitch, Math.floor(index / columns) * pitch];
    context.fillStyle = colourOf(status, look.mode);
    context.fillRect(x, y, size, size);
    // Failures differ by form too, for readers who do not see the colours.
    if (status === 'failed' && size > 5) cross(context, x, y, size);
    if (index === look.at) frame(context, x, y, size, look.mode);
  }
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + 2, y + 2);
  context.lineTo(x + size - 2, y + size - 2);
  context.moveTo(x + size - 2, y + 2);
  context.lineTo(x + 2, y + size - 2);
  context.stroke();
}

function frame(context: CanvasRenderingContext2D, x: number, y: number, size: number, mode: string): void {
  context.strokeStyle = mode === 'dark' ? '#ffffff' : '#000000';
  context.lineWidth = 2;
  context.strokeRect(x, y, size, size);
}
