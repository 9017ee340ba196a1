/** What kind of file a path names. Used for the order of risk and by the specialist for tests. */
export type FileKind = 'code' | 'test' | 'config' | 'docs' | 'other';

const TEST =
  /(?:^|\/)(?:tests?|__tests__|specs?|testdata|fixtures?|e2e|androidTest|mocks?|__mocks__)\/|(?:^|\/)(?:test_[^/]+|conftest)\.py$|[._-](?:test|tests|spec|it)\.\w+$|_(?:test|spec)\.\w+$|(?:Tests?|Spec|IT)\.(?:java|kt|kts|cs|php|swift|scala|groovy)$|(?:^|\/)test\.\w+$/;
const DOCS = /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)(?:docs?|LICEN[CS]E|CHANGELOG|AUTHORS|NOTICE)(?:\/|$)/i;
const CODE =
  /\.(?:[cm]?[jt]sx?|py|go|java|kts?|rb|php|cs|rs|c|cc|cpp|cxx|h|hh|hpp|swift|scala|groovy|dart|lua|pl|pm|sh|bash|ps1|sql|vue|svelte|ex|exs|erl|clj|hs|m|mm|r|jl|zig)$/i;
const CONFIG =
  /\.(?:ya?ml|toml|json5?|ini|conf|cfg|tf|hcl|properties|env|xml|gradle|lock)$|(?:^|\/)(?:Dockerfile|Makefile|\.env[^/]*|\.github\/.+)$/i;

export function kindOf(path: string): FileKind {
  if (TEST.test(path)) return 'test';
  if (CODE.test(path)) return 'code';
  if (CONFIG.test(path)) return 'config';
  return DOCS.test(path) ? 'docs' : 'other';
}

const SENSITIVE =
  /auth|login|session|token|passw|secret|crypt|permission|access|admin|payment|billing|sql|query|upload|download|exec|shell|proxy|middleware|\.github\/workflows|Dockerfile/i;
const BASE: Readonly<Record<FileKind, number>> = { code: 60, config: 40, test: 20, other: 15, docs: 5 };

/** A higher number is read first. */
export function riskOf(path: string, changedLines: number): number {
  const size = Math.min(20, Math.log2(changedLines + 1) * 2);
  return BASE[kindOf(path)] + (SENSITIVE.test(path) ? 25 : 0) + size;
}
