/** A page that says what to do when the console cannot be opened. @param problem one sentence of ours, never of a request */
export const problemPage = (problem: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Console</title>
<h1>${problem}</h1>
<p>Print a new link in a terminal, and open it: <code>npm run fleet -- console</code></p>
</html>
`;
