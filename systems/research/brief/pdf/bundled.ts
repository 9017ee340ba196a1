/** What the bundle of a function that makes PDFs contains beside its module. */
export const PDF_FONTS = {
  'DejaVuSans.ttf': { path: 'systems/research/brief/pdf/fonts/DejaVuSans.ttf' },
  'DejaVuSans-Bold.ttf': { path: 'systems/research/brief/pdf/fonts/DejaVuSans-Bold.ttf' },
};
