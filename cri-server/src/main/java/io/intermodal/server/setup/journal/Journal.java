package io.intermodal.server.setup.journal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.intermodal.runtime.node.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that differs on this node from how it was found, in the order in which it was changed
 * first. Each change of the journal is on the disk when the call returns.
 *
 * <p>An entry is written before the thing itself is changed, and deleted after it was put back: a
 * thing without an entry is as it was found.
 */
public final class Journal {
  private static final String FILE = "journal.json";
  private static final int FORMAT = 1;

  private final StateDirectory directory;
  private final Map<String, Entry> entries;

  private Journal(StateDirectory directory, Map<String, Entry> entries) {
    this.directory = directory;
    this.entries = entries;
  }

  /**
   * Reads it.
   *
   * @throws IOException when it cannot be read, or a later version has written it: nothing may be
   *     changed then, since it could not be taken back
   */
  public static Journal open(StateDirectory directory) throws IOException {
    Optional<byte[]> written = directory.read(FILE);
    Map<String, Entry> entries = new LinkedHashMap<>();
    if (written.isPresent()) {
      try {
        JsonObject json =
            JsonParser.parseString(new String(written.get(), StandardCharsets.UTF_8))
                .getAsJsonObject();
        int format = json.get("format").getAsInt();
        if (format != FORMAT) {
          throw new IOException("format %d, this version knows %d".formatted(format, FORMAT));
        }
        for (JsonElement element : json.getAsJsonArray("entries")) {
          Entry entry = EntryJson.read(element.getAsJsonObject());
          entries.put(entry.subject(), entry);
        }
      } catch (IOException | JsonParseException | IllegalStateException | NullPointerException e) {
        throw new IOException(
            "what was changed on this node is written in %s/%s, which cannot be read (%s): mend it, or move it away and put things back by hand"
                .formatted(directory, FILE, e.getMessage()),
            e);
      }
    }
    return new Journal(directory, entries);
  }

  /** All of it, the first change first. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** The entry about something; empty when it is as it was found. */
  public Optional<Entry> find(String subject) {
    return Optional.ofNullable(entries.get(subject));
  }

  /** The entry about a service; empty when it is as it was found. */
  public Optional<Entry.ChangedService> service(String name) {
    return find(Entry.ChangedService.subject(name)).map(Entry.ChangedService.class::cast);
  }

  /** The entry about a file; empty when it is as it was found. */
  public Optional<Entry.ChangedFile> file(Path path) {
    return find(Entry.ChangedFile.subject(path)).map(Entry.ChangedFile.class::cast);
  }

  /**
   * Writes an entry down, in place of an earlier one about the same. Daemons stand in the order in
   * which they were started last, since they are ended in the opposite one.
   */
  public void put(Entry entry) throws IOException {
    if (entry instanceof Entry.ChangedService) {
      entries.remove(entry.subject());
    }
    entries.put(entry.subject(), entry);
    save();
  }

  /** Forgets what is as it was found again. */
  public void remove(Entry entry) throws IOException {
    entries.remove(entry.subject());
    save();
  }

  private void save() throws IOException {
    if (entries.isEmpty()) {
      directory.delete(FILE);
      return;
    }
    JsonArray all = new JsonArray();
    entries.values().forEach(entry -> all.add(EntryJson.write(entry)));
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.add("entries", all);
    directory.write(FILE, json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
