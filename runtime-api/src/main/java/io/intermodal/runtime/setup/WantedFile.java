package io.intermodal.runtime.setup;

import java.nio.file.Path;

/**
 * A file as it must be.
 *
 * @param path absolute
 * @param content all of it, in UTF-8, with what others have put there
 * @param reason why, for people: "Kubernetes and Docker must use the same cgroup driver". One for
 *     each thing that differs from what is there; for a file that is right, why it is there
 */
public record WantedFile(Path path, String content, String reason) {}
