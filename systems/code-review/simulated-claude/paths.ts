import { addedRows, statementAt, type Detector, type View } from './detector.ts';

/** Where text of a stranger enters. */
const SOURCE =
  /\breq(?:uest)?\.(?:params|query|body|args|form|files|values|headers|GET|POST|Query)\b|\brequest\.(?:args|form|get_json|query_params|path_params)|\bparams\[|\$_(?:GET|POST|REQUEST|FILES|COOKIE)\b|\.URL\.(?:Query|Path)\b|\.(?:FormValue|PathValue|PostFormValue)\(|\bc\.(?:Param|Query|PostForm)\(|\bmux\.Vars\(|getParameter\(|getHeader\(|getOriginalFilename\(|getPathInfo\(|\bcall\.(?:parameters|receiveParameters|request)|Request\.(?:Query|Form|RouteValues)|\bHttpContext\.Request|\.FileName\b|\bargv\b|\bgetenv\("(?:PATH_INFO|QUERY_STRING)"|web::(?:Path|Query)|\bPath\(\w+\)\s*:\s*Path<|@(?:PathVariable|RequestParam|PathParam|QueryParam)/;

/** Where a path is opened. */
const SINK =
  /\b(?:readFile|readFileSync|createReadStream|writeFile|writeFileSync|createWriteStream|sendFile|unlink|unlinkSync|rmSync|download)\(|(?<![.\w])open\(|\bfopen\(|\bfile_get_contents\(|\bfile_put_contents\(|\breadfile\(|\b(?:include|require)(?:_once)?[ (]+\$|\bnew File(?:InputStream|OutputStream|Reader)?\(|\bFile\(|\bPaths?\.(?:get|of)\(|\bos\.(?:Open|ReadFile|Create|Remove|OpenFile)\(|\bioutil\.ReadFile\(|\bhttp\.ServeFile\(|\bFile\.(?:read|open|write|binread|ReadAllText|ReadAllBytes|OpenRead|Open|Delete|WriteAllText)\b|\bsend_file\b|\bPhysicalFile\(|\bsend_from_directory|\bfs::(?:read|read_to_string|write|remove_file|File)\w*\(|\bFile::open\(|\bFileResponse\(|\bunlink\(|\bifstream\b/;

/** A check or a reduction of the path. */
const CHECKED =
  /basename|\bfilepath\.(?:Base|Clean|IsLocal|Rel)\(|GetFileName\(|secure_filename|safe_join|realpath|startsWith\(|startswith\(|StartsWith\(|HasPrefix\(|starts_with\(|start_with\?|\.normalize\(\)|is_relative_to|relative_to|canonicalize|getCanonicalPath|\bfile_name\(\)|['"]\.\.['"/]|includes\(['"]\.\.|allow(?:ed|list)|whitelist|\bhas\(|in_array\(|root\s*:|os\.Root|parseInt|Number\(|Integer\.parseInt|\bint\(|UUID|isValid|validate/i;

/** Names that got their value from a stranger, in the visible lines of the hunk. */
function tainted(view: View): Set<string> {
  const names = new Set<string>();
  const lines = [...view.context, ...view.now.map(({ text }) => text)];
  for (const indented of lines) {
    const line = indented.replaceAll(/\s+/g, ' ').trim();
    const [, declared] =
      /(?:^|[\s(,{])(?:const|let|var|final|val|String|string|auto|char\s*\*+|let mut)?\s*[({]?\s*\$?(\w+)\s*[)}]?\s*(?::[^=]+)?(?::=|=(?![=>]))/.exec(
        line,
      ) ?? [];
    const [, right] = /(?::=|=(?![=>]))(.*)$/.exec(line) ?? [];
    if (declared !== undefined && right !== undefined && (SOURCE.test(right) || mentions(right, names)))
      names.add(declared);
    for (const [, several] of line.matchAll(/\{\s*([\w\s,]+)\}\s*=\s*req(?:uest)?\./g))
      for (const name of (several ?? '').split(',')) names.add(name.trim());
    // Parameters that a framework fills from the request.
    for (const [, parameter] of line.matchAll(
      /@(?:PathVariable|RequestParam|PathParam|QueryParam)(?:\([^)]*\))?\s+(?:final\s+)?\w+\s+(\w+)/g,
    ))
      if (parameter !== undefined) names.add(parameter);
    const [, extracted] = /\bPath\((\w+)\)\s*:\s*(?:web::)?Path</.exec(line) ?? [];
    if (extracted !== undefined) names.add(extracted);
  }
  names.delete('');
  return names;
}

const mentions = (text: string, names: ReadonlySet<string>): boolean =>
  [...names].some((name) => new RegExp(`(?<![\\w.'"])\\$?${name}(?![\\w'"])`).test(text));

/** A path from a request that is opened without a check in sight. */
export const pathTraversal: Detector = function* (view) {
  if (view.isAside) return;
  const names = tainted(view);
  const lines = [...view.context, ...view.now.map(({ text }) => text)];
  if (lines.some((line) => CHECKED.test(line))) return;
  for (const row of addedRows(view)) {
    const text = statementAt(view, row, 3);
    const sink = SINK.exec(text);
    if (sink === null || !SINK.test(row.text)) continue;
    const argument = text.slice(sink.index);
    if (SOURCE.test(argument) || mentions(argument, names)) {
      yield {
        row,
        rule: 'path-traversal',
        severity: 'high',
        confidence: 0.8,
        message:
          'The path comes from a request and is opened without a check. With `../` somebody can reach any file of the server. Reduce it to a name, or check that the result stays below its folder.',
      };
      return;
    }
  }
};
