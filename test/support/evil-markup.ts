/** Would run in every place where text could become markup or script. */
export const EVIL = [
  '<img src=x onerror="document.title=1">',
  '"><script>document.title=2</script>',
  "' onfocus=document.title=3 autofocus='",
  '</title></style></script><svg onload=document.title=4>',
  'javascript:document.title=5',
].join(' ');
