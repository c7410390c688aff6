-- A post whose text is erased is read again by the next analysis, and the words of its text that the last one kept are erased at once.
create trigger posts_note_erased after update of text on posts when new.text = '' and old.text <> '' begin
    delete from kept_columns where name like 'texts%';
    delete from changed_posts where post = new.id;
    insert into changed_posts (post) values (new.id);
end;
