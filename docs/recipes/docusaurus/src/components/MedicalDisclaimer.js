import {useDoc} from '@docusaurus/plugin-content-docs/client';

export default function MedicalDisclaimer() {
  const {author, reviewed_by: reviewer, last_update: update} = useDoc().frontMatter;
  return (
    <>
      <p>By {author}. Reviewed by {reviewer}, {new Date(update.date).toISOString().slice(0, 10)}.</p>
      <p>
        This page gives general information. It is not medical advice. Talk to your doctor, pharmacist or physiotherapist
        before you start, stop or change a treatment, and do not put off getting help because of something you read here.
      </p>
    </>
  );
}
