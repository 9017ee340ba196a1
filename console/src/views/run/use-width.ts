import { useEffect, useState, type RefObject } from 'react';

/** The width of an element's parent in pixels; 0 before it is known. */
export function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const parent = of.current?.parentElement;
    if (!parent) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(parent);
    return () => observer.disconnect();
  }, [of]);
  return width;
}
