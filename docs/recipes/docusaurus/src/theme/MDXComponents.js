import MDXComponents from '@theme-original/MDXComponents';
import MedicalDisclaimer from '@site/src/components/MedicalDisclaimer';

export default {...MDXComponents, MedicalDisclaimer};
