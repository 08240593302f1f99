import starlight from '@astrojs/starlight';
import {defineConfig} from 'astro/config';

export default defineConfig({
  site: 'https://health.example.org',
  integrations: [
    starlight({
      title: 'Knees and Backs',
      locales: {root: {label: 'English', lang: 'en-GB'}},
      components: {MarkdownContent: './src/components/MarkdownContent.astro'},
      pagefind: false,
    }),
  ],
});
