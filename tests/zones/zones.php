<?php
// a miracle
/* a miracle */
$kind = "miracle";
include "miracle.php";
?>
<!DOCTYPE html>
<html>
<head><title>The miracle of turmeric</title></head>
<body>
<h1>The miracle spice</h1>
<p>A miracle in a paragraph, <?php echo "miracle"; ?> and on.</p>
<p>A <?= $miracle ?> hole.</p>
<blockquote>A miracle in a quotation.</blockquote>
<ul><?php foreach ($spices as $miracle) { ?><li>A miracle in a list.</li><?php } ?></ul>
<table><tr><th>Spice</th><td>A miracle</td></tr></table>
<p>Read <a href="<?php echo $miracle; ?>" title="A miracle page">about the miracle</a>.</p>
<img src="miracle.jpg" alt="A miracle on a spoon">
<p>Type <code>miracle</code> into the search field.</p>
<p>A <span class="miracle">miracle</span> in a sentence.</p>
<!-- a miracle -->
<p>Turmeric has no
side effects that anyone has seen.</p>
<p>A m&#105;racle with no side&nbsp;effects for most.</p>
<p>A mir<b>acle</b> in bold.</p>
<p>A mira­cle and a mira​cle.</p>
</body>
</html>
