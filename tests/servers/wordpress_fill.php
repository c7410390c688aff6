<?php // php wordpress_fill.php FOLDER BASE ACTION CONTENT.json: fills a new WordPress, or adds one comment to it
error_reporting(0);
[, $folder, $base, $task, $file] = $argv;
define('WP_INSTALLING', $task === 'fill');
$_SERVER += ['HTTP_HOST' => parse_url($base, PHP_URL_HOST) . ':' . parse_url($base, PHP_URL_PORT), 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1'];
require "$folder/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_mail() { return true; }
$given = json_decode(file_get_contents($file), true);

function local_time_of($iso) { return get_date_from_gmt(gmdate('Y-m-d H:i:s', strtotime($iso))); }
function gmt_of($iso) { return gmdate('Y-m-d H:i:s', strtotime($iso)); }
function paragraphs($text) { return implode("\n\n", array_map(fn($one) => "<!-- wp:paragraph -->\n<p>" . esc_html($one) . "</p>\n<!-- /wp:paragraph -->", explode("\n\n", $text))); }
function comment($article, $one, $above) {
    $user = get_user_by('login', $one['author']);
    return wp_insert_comment(wp_slash(['comment_post_ID' => $article, 'comment_author' => $one['author'], 'comment_author_email' => "{$one['author']}@example.com", 'comment_content' => $one['text'],
        'comment_date' => local_time_of($one['at']), 'comment_date_gmt' => gmt_of($one['at']), 'comment_approved' => 1, 'comment_parent' => $above, 'user_id' => $user ? $user->ID : 0,
        'comment_type' => $one['type'] ?? 'comment', 'comment_author_url' => $one['link'] ?? '']));
}

if ($task === 'fill') {
    if (!is_blog_installed()) wp_install($given['name'], 'admin', 'admin@example.com', true, '', 'for tests only');
    $options = ['siteurl' => $base, 'home' => $base, 'comment_moderation' => 0, 'page_comments' => 1, 'comments_per_page' => 20, 'thread_comments' => 1, 'thread_comments_depth' => 5,
        'posts_per_page' => 10, 'timezone_string' => 'Asia/Ho_Chi_Minh', 'date_format' => 'd/m/Y', 'blog_public' => 1, 'default_comments_page' => $given['shows']];
    foreach ($options as $name => $value) update_option($name, $value);
    global $wp_rewrite; $wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/'); $wp_rewrite->flush_rules(true);
    foreach ($given['people'] as $name) wp_insert_user(['user_login' => $name, 'user_pass' => 'for tests only', 'user_email' => "$name@example.com", 'display_name' => $name, 'role' => 'author']);
    remove_all_actions('pre_ping');
    wp_delete_post(1, true);
    foreach ($given['threads'] as $thread) {
        $opening = $thread['posts'][0];
        $article = wp_insert_post(['post_title' => wp_slash($thread['title']), 'post_content' => wp_slash(paragraphs($opening['text'])), 'post_status' => 'publish', 'comment_status' => 'open',
            'post_author' => get_user_by('login', $opening['author'])->ID, 'post_date' => local_time_of($opening['at']), 'post_date_gmt' => gmt_of($opening['at'])]);
        $made = [];
        foreach ($thread['posts'] as $place => $one) {
            if ($place === 0) continue;
            $made[$place] = comment($article, $one, $made[$one['quotes']] ?? 0);
        }
        if (count($made) > 2) comment($article, ['author' => 'Blog khác', 'at' => $opening['at'], 'text' => '[…] đã nhắc tới bài này […]', 'type' => 'pingback', 'link' => 'https://blog.example/'], 0);
    }
    foreach ($given['pages'] ?? [] as $page) wp_insert_post(['post_type' => 'page', 'post_title' => wp_slash($page['title']), 'post_status' => 'publish', 'post_name' => $page['name'], 'post_content' => wp_slash($page['html'])]);
} else {
    $found = get_posts(['title' => $given['title'], 'post_status' => 'publish', 'numberposts' => 1]);
    if ($task === 'reply') comment($found[0]->ID, $given, 0);
    if ($task === 'edit') foreach (get_comments(['search' => $given['old']]) as $one) wp_update_comment(wp_slash(['comment_ID' => $one->comment_ID, 'comment_content' => str_replace($given['old'], $given['new'], $one->comment_content)]));
}
echo 'done';
