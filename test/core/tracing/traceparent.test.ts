import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent, parseXrayHeader, xrayTraceId } from '#core/tracing/traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('is read as W3C Trace Context has it, and written back', () => {
    const text = `00-${TRACE}-${SPAN}-01`;
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)?.sampled).toBe(false);
    // Other flags mean nothing to this version.
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.sampled).toBe(true);
    expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, sampled: true })).toBe(text);
  });

  it('of a later version may go on after the flags', () => {
    expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 that goes on', `00-${TRACE}-${SPAN}-01-more`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['two headers joined', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
    ['one too long', `01-${TRACE}-${SPAN}-01-${'x'.repeat(300)}`],
    ['markup', `<script>`],
  ])('rejects %s', (_, text) => expect(parseTraceparent(text)).toBeUndefined());
});

describe('the header of X-Ray', () => {
  it('has the trace and the parent, in any order', () => {
    const traceId = '67891233abcdef012345678912345678';
    const header = 'Parent=53995c3f42cd8ad8;Sampled=1;Root=1-67891233-abcdef012345678912345678';
    expect(parseXrayHeader(header)).toEqual({ traceId, parentSpanId: '53995c3f42cd8ad8' });
    expect(parseXrayHeader('Root=1-67891233-abcdef012345678912345678')).toEqual({ traceId, parentSpanId: undefined });
    expect(xrayTraceId(traceId)).toBe('1-67891233-abcdef012345678912345678');
  });

  it.each([
    undefined,
    '',
    'Root=1-00000000-000000000000000000000000',
    'Root=2-67891233-abcdef012345678912345678',
    'Self=1',
  ])('rejects %s', (header) => expect(parseXrayHeader(header)).toBeUndefined());
});
