import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** A command of the terminal that does or shows the same, to copy. */
export function CommandLine({ command }: { readonly command: string }) {
  return (
    <div className="command">
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel={`Copy the command ${command}`}
        textToCopy={command}
        copySuccessText="Copied"
        copyErrorText="Not copied: select the text and copy it."
      />
      <code>{command}</code>
    </div>
  );
}
