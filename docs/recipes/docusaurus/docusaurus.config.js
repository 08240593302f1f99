export default {
  title: 'Knees and Backs',
  url: 'https://health.example.org',
  baseUrl: '/',
  presets: [['classic', {docs: {routeBasePath: '/'}, blog: false}]],
};
